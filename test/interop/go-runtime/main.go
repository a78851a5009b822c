package main

import (
	"context"
	"errors"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func main() {
	lambda.Start(func(ctx context.Context, event any) (any, error) {
		if event == "fail" {
			return nil, errors.New("as asked")
		}
		of, _ := lambdacontext.FromContext(ctx)
		return map[string]any{"event": event, "id": of.AwsRequestID, "arn": of.InvokedFunctionArn}, nil
	})
}
