self.addEventListener("install", () => {})
