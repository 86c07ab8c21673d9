variable "by_flag" {
  type = bool
}

variable "by_file" {
  type = list(bool)
}

variable "by_text" {}

variable "by_default_file" {}

variable "by_nobody" {}

resource "aws_s3_bucket" "flag" {
  force_destroy = var.by_flag
}

resource "aws_s3_bucket" "file" {
  force_destroy = var.by_file[1]
}

resource "aws_s3_bucket" "text" {
  force_destroy = var.by_text == "yes"
}

resource "aws_s3_bucket" "own_file" {
  force_destroy = var.by_default_file
}

resource "aws_s3_bucket" "nobody" {
  force_destroy = var.by_nobody
}
