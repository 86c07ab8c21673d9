resource "aws_ebs_volume" "v" {
  availability_zone = "eu-central-1a"
  size              = 1
}

output "size" {
  value = aws_ebs_volume.v.size
}
