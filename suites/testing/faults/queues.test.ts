import { FAULTS_IN } from './catalogue.ts'
import { describeFaults } from '../../../test/support/describe-faults.ts'

describeFaults('queues and asynchronous events', FAULTS_IN['queues and asynchronous events'])
