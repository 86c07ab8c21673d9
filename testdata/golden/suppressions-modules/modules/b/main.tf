resource "aws_s3_bucket" "one" {
  force_destroy = true
}

# trivy:ignore:golden-bucket-kept
resource "aws_s3_bucket" "two" {
  force_destroy = true
}

# plumb:ignore=golden-bucket-kept reason="not told as unused: another caller may need it"
resource "aws_s3_bucket" "three" {
}
