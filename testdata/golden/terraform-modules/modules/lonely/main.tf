variable "keep" {}

resource "aws_s3_bucket" "unsure" {
  force_destroy = var.keep
}

resource "aws_s3_bucket" "alone" {
  force_destroy = true
}
