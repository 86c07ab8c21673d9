data "aws_iam_policy_document" "base" {
  statement {
    sid = "A"
    actions = ["s3:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    effect = "Deny"
    actions = ["s3:Get*", "s3:Put*"]
    resources = [aws_s3_bucket.b.arn]
    principals { 
      type = "AWS" 
      identifiers = ["*"]
    }
    condition {
      test = "Bool"
      variable = "aws:SecureTransport"
      values = ["false"]
    }
  }
}
resource "aws_s3_bucket" "b" { bucket = "x" }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_s3_bucket_policy" "q" {
  policy = data.aws_iam_policy_document.base.json
}
resource "aws_s3_bucket_policy" "h" {
  policy = <<EOF
{ "Statement": [ {"Effect": "Allow", "Resource": ["${aws_s3_bucket.b.arn}/*", "*"], "Action": "s3:*"} ] }
EOF
}
data "aws_iam_policy_document" "c1" { source_json = data.aws_iam_policy_document.c2.json }
data "aws_iam_policy_document" "c2" { source_json = data.aws_iam_policy_document.c1.json }
