export { createKafkaPort, type Settings } from './sources/kafka/connector.ts'
