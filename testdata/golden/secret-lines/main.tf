resource "aws_db_instance" "d" {
  password = "hunter2hunter2"
}
