terraform {
  source = "../../modules//volume"
}

locals {
  secret = lower("FALSE")
}

inputs = {
  secret = local.secret
  size   = get_env("SIZE")
}
