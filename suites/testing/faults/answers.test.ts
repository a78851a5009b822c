import { FAULTS_IN } from './catalogue.ts'
import { describeFaults } from '../../../test/support/describe-faults.ts'

describeFaults('answers and what is kept', FAULTS_IN['answers and what is kept'])
