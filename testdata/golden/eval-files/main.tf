locals {
  greeting = "hello $${name}%%{ if name == \"x\" }!%%{ endif }"
}

check "health" {
  data "example_page" "home" {
    url = "https://example.org"
  }

  assert {
    condition     = data.example_page.home.status == 200
    error_message = "down"
  }
}

moved {
  from = example_a.b
  to   = example_a.c
}

removed {
  from = example_a.d
  lifecycle {
    destroy = false
  }
}

import {
  to = example_a.c
  id = "c"
}

resorce "example_a" "c" {
}
