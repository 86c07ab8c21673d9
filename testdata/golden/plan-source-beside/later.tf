resource "aws_ebs_volume" "later" {
  availability_zone = "eu-west-1a"
  encrypted         = false
}
