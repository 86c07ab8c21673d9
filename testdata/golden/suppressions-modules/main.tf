# plumb:ignore=golden-* reason="all that it makes"
module "a" {
  source = "./modules/b"
}

module "b" {
  #checkov:skip=golden-bucket-kept:inside of the call
  source = "./modules/b"
}

module "c" {
  source = "./modules/b"
}
