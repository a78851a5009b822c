console.log('starts')

exports.handler = async event => {
  console.log(event.id)
  return event.id
}
