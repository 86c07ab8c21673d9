variable "region" {}

variable "password" {
  sensitive = true
  default   = "hunter2"
}

locals {
  subnets = [for i in range(2) : cidrsubnet("10.0.0.0/16", 8, i)]
  name    = "data-${var.region}"
}

resource "example_key" "k" {}

resource "example_database" "d" {
  count      = 2
  identifier = "${local.name}-${count.index}"
  password   = var.password
  kms_key_id = example_key.k.arn
  tags       = { size = 1.5, key = example_key.k.arn }
}
