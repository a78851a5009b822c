// The life of a function as the AWS provider of Terraform leads it, with the SDK that the provider is built on.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	url, role, zipped := os.Args[1], os.Args[2], os.Args[3]
	code, err := base64.StdEncoding.DecodeString(zipped)
	check(err)
	ctx := context.Background()
	client := lambda.New(lambda.Options{
		BaseEndpoint: &url,
		Region:       "eu-west-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
	name := aws.String("golang")
	_, err = client.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: name, Role: &role, Handler: aws.String("index.handler"), Runtime: types.RuntimeNodejs20x,
		Code: &types.FunctionCode{ZipFile: code}, Tags: map[string]string{"made": "by go"},
	})
	check(err)
	get := &lambda.GetFunctionInput{FunctionName: name}
	check(lambda.NewFunctionActiveV2Waiter(client, func(o *lambda.FunctionActiveV2WaiterOptions) { o.MinDelay = 50 * time.Millisecond }).Wait(ctx, get, time.Minute))
	_, err = client.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: name, MemorySize: aws.Int32(256)})
	check(err)
	check(lambda.NewFunctionUpdatedV2Waiter(client, func(o *lambda.FunctionUpdatedV2WaiterOptions) { o.MinDelay = 50 * time.Millisecond }).Wait(ctx, get, time.Minute))
	read, err := client.GetFunction(ctx, get)
	check(err)
	answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: name, Payload: []byte(`{"a":1}`)})
	check(err)
	_, err = client.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name})
	check(err)
	_, gone := client.GetFunction(ctx, get)
	if gone == nil {
		check(fmt.Errorf("the function is there after its deletion"))
	}
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"memory": *read.Configuration.MemorySize, "tags": read.Tags, "answer": json.RawMessage(answer.Payload),
	}))
}
