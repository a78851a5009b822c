import { FAULTS_IN } from './catalogue.ts'
import { describeFaults } from '../../../test/support/describe-faults.ts'

describeFaults('streams', FAULTS_IN.streams)
