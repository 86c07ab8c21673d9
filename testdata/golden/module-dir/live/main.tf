module "volume" {
  source  = "example/volume/aws"
  version = "1.0.0"
  secret  = false
}

module "pair" {
  source = "git::https://git.example.org/infra/pair.git//modules/one?ref=v2"
}

module "nowhere" {
  source = "example/nowhere/aws"
}
