print("windhover")
