resource "aws_ebs_volume" "v" {
  tags = {
    Name = <<-EOT
      never closed
  }
}
