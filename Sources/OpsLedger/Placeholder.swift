import AsyncHTTPClient
import Crypto
import Yams
