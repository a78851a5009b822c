# What Terraform itself creates, plans, changes and destroys on the embedded endpoint, see run.sh.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "2.0.0" }
  }
}
variable "url" {}
variable "memory" { default = 128 }
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
  skip_get_ec2_platforms      = true
  endpoints { lambda = var.url }
}
resource "aws_lambda_layer_version" "shared" {
  filename            = "code.zip"
  layer_name          = "terraform-layer"
  compatible_runtimes = ["nodejs20.x"]
}
resource "aws_lambda_function" "orders" {
  function_name    = "terraform-orders"
  filename         = "code.zip"
  source_code_hash = filebase64sha256("code.zip")
  role             = "arn:aws:iam::123456789012:role/lambda"
  handler          = "index.handler"
  runtime          = "nodejs20.x"
  memory_size      = var.memory
  publish          = true
  layers           = [aws_lambda_layer_version.shared.layer_arn]
  environment { variables = { TABLE = "orders" } }
  tags = { team = "a" }
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.arn
  function_version = "1"
}
resource "aws_lambda_permission" "bucket" {
  statement_id  = "bucket"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::bucket"
}
resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = "arn:aws:sqs:eu-west-1:000000000000:terraform-queue"
  function_name    = aws_lambda_function.orders.arn
  batch_size       = 5
}
