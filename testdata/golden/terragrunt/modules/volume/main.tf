variable "secret" {
  default = true
}

variable "size" {
  default = 1
}

resource "aws_ebs_volume" "v" {
  availability_zone = "eu-central-1a"
  size              = var.size
  encrypted         = var.secret
}
