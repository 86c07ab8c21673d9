variable "keep" {
  default = false
}

resource "aws_s3_bucket" "a" {
  bucket        = "a"
  force_destroy = true # until the move
}

# Somebody's decision stands.
resource "aws_s3_bucket" "b" {
  force_destroy = !var.keep
}
