module lambdacheck/probe

go 1.21
