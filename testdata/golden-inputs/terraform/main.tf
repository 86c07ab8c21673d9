variable "keep" {}

resource "aws_s3_bucket" "a" {
  force_destroy = true
}

resource "aws_s3_bucket" "b" {
  force_destroy = var.keep
}
