module "inner" {
  source = "../two"
}
