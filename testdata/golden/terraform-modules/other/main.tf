module "logs" {
  source = "../modules/bucket"
  name   = "other-logs"
}
