terraform {
  source = "git::https://git.example.org/modules.git//volume?ref=v1"
}
