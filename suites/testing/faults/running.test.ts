import { FAULTS_IN } from './catalogue.ts'
import { describeFaults } from '../../../test/support/describe-faults.ts'

describeFaults('functions that run', FAULTS_IN['functions that run'])
