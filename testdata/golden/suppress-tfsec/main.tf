resource "aws_s3_bucket" "a" { #tfsec:ignore:aws-s3-enable-versioning
  bucket = "a"
}

resource "aws_s3_bucket_versioning" "a" {
  bucket = aws_s3_bucket.a.id
  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_msk_cluster" "a" {
  # tfsec:ignore:aws-msk-enable-in-transit-encryption:exp:2099-12-31
  encryption_info {
    encryption_in_transit {
      client_broker = "PLAINTEXT"
    }
  }
}
