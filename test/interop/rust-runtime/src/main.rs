//! The function of the tests, on the Lambda runtime client for Rust.
use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handler)).await
}

async fn handler(LambdaEvent { payload, context }: LambdaEvent<Value>) -> Result<Value, Error> {
    if payload == "fail" {
        return Err("as asked".into());
    }
    Ok(json!({"event": payload, "id": context.request_id, "arn": context.invoked_function_arn}))
}
