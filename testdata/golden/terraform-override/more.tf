resource "aws_s3_bucket" "only-terraform" {
  force_destroy = true
}
