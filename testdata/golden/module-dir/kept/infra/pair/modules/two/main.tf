resource "aws_ebs_volume" "w" {
  availability_zone = "eu-central-1a"
  size              = 1
}
