by_file = [false, true]
