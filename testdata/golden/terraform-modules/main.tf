module "logs" {
  source = "./modules/bucket"
  name   = "logs"
}

module "data" {
  source = "./modules/bucket"
  count  = 2
  name   = "data-${count.index}"
  keep   = count.index == 0
}

module "kept" {
  source  = "example/kept/aws"
  version = "1.0.0"
}

module "remote" {
  count   = 2
  source  = "example/remote/aws"
  version = "1.0.0"
}

output "first" {
  value = module.data[0].id
}
