module "volumes" {
  source = "./modules/volumes"
  count  = 2
}

resource "aws_security_group" "door" {
  name = "door"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
    description = "inside"
  }

  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
      description = "anybody"
    }
  }
}

variable "ports" {}
