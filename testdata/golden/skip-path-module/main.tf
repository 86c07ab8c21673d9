module "inner" {
  source = "./modules/inner"
}

resource "aws_ebs_volume" "outer" {
  availability_zone = "eu-central-1a"
  size              = module.inner.size
}
