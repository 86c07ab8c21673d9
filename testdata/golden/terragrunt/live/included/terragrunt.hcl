include "root" {
  path = find_in_parent_folders()
}

terraform {
  source = "../../modules/volume"
}

inputs = {
  size = dependency.net.outputs.size
}
