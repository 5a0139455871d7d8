module plimsoll.dev/lab/regexp-oracle

go 1.26.0
