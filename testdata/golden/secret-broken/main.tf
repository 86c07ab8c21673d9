provider "x" {
  apiToken = "hunter2hunter2" "again"
  region   = "eu" "again"
}
