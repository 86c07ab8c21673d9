resource "aws_ebs_volume" "v" {
  for_each          = toset(["p", "q"])
  availability_zone = "eu-central-1a"
  size              = 1
  encrypted         = false
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-central-1a"
  size              = 1
  # plumb:ignore=aws-ebs-encrypted reason="emptied every night"
  encrypted = false
}
