variable "x" {}
variable "tags" { 
  type = map(string)
  default = { a = "b" } 
}
locals {
  name = "my-${var.x}"
  c1 = local.c2
  c2 = local.c1
  list = ["a", "b"]
}
provider "aws" { region = "eu-west-1" }
provider "aws" { 
 alias = "west" 
 region = "us-west-1"
}
terraform {
  required_version = ">= 1.0"
  backend "s3" {}
}
resource "aws_kms_key" "k" { description = "d" }
resource "aws_s3_bucket" "a" {
  bucket = "logs"
  provider = aws.west
  tags = merge(var.tags, { n = local.name })
  depends_on = [aws_kms_key.k]
  rule {
    key = aws_kms_key.k.arn
    sse {}
  }
  rule { key = "x" }
  lifecycle { 
     prevent_destroy = true 
     ignore_changes = [tags, rule[0].key]
  }
  dynamic "ingress" {
    for_each = toset(["z", "y"])
    content {
      port = ingress.value
      dynamic "deep" {
        for_each = var.x
        content { a = deep.key }
      }
    }
  }
}
resource "aws_s3_bucket" "n" {
  count = 2
  bucket = "${aws_s3_bucket.a.bucket}-${count.index}"
  cyc = local.c1
  l = [aws_s3_bucket.a.id, aws_kms_key.k.arn, var.x]
}
resource "aws_s3_bucket" "e" {
  for_each = { x = 1, "y z" = 2 }
  bucket = each.key
  v = each.value + 1
  other = aws_s3_bucket.n[0].bucket
  ids = aws_s3_bucket.n[*].id
  names = aws_s3_bucket.n.*.bucket
}
resource "aws_s3_bucket" "o" {
  count = var.x
  bucket = aws_s3_bucket.e["y z"].bucket
  idx = count.index
  m = module.m.out
  un = aws_foo.bar.id
}
module "m" { source = "./x" }
output "o" { value = aws_s3_bucket.o[0].idx }
data "aws_ami" "d" { most_recent = true }
