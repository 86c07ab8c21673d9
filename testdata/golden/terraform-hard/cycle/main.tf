locals {
  a = local.b
  b = local.a
}

resource "aws_ebs_volume" "c" {
  size = aws_ebs_volume.d.size
}

resource "aws_ebs_volume" "d" {
  size = aws_ebs_volume.c.size
}
