resource "aws_s3_bucket" "a" {
  bucket        = "a"
  force_destroy = false
}

resource "aws_s3_bucket" "b" {
  bucket        = "b"
  force_destroy = true
}
