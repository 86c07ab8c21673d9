resource "aws_s3_bucket" "inside" {
  force_destroy = true
}
