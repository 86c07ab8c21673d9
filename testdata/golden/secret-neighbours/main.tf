resource "aws_db_instance" "d" { password = "hunter2hunter2" }
resource "aws_db_instance" "e" {
  password = "hunter2hunter2"
  username = "admin"
}
variable "db_password" { default = "hunter2hunter2" }
