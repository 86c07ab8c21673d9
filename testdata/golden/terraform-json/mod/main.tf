variable "destroy" {}

resource "aws_s3_bucket" "inner" {
  force_destroy = var.destroy
}
