variable "name" {
  type = string
}

variable "keep" {
  type    = bool
  default = false
}

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = !var.keep
}

output "id" {
  value = aws_s3_bucket.this.id
}
